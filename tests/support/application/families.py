"""What families reach over HTTP: their applications, drafts and documents, and the schools."""

from application import api
from application.checks.key_tables import school_keys
from application.domain.retention_table import retention_rules
from application.domain.retention_terms import RetentionTerms
from application.workflow import Workflow
from fastapi import FastAPI
from shared.http import problems
from shared.http.edge import Edge
from shared.http.openapi import openapi_router
from support.standing_app import StandingApp, behind_gate
from support.tokens import issuer

URL = "https://antrag.example"


def _build(workflow: Workflow) -> FastAPI:
    app, identity = FastAPI(openapi_url=None), issuer().identity()
    problems.install(app)
    app.include_router(api.applications(workflow, identity, URL))
    app.include_router(api.documents(workflow, identity, URL))
    app.include_router(api.drafts(workflow, identity, URL))
    app.include_router(api.draft_documents(workflow, identity, URL))
    app.include_router(api.people(workflow, identity, URL))
    reader = api.OwnDataReader(workflow, school_keys(), URL, retention_rules(RetentionTerms()))
    app.include_router(api.me(workflow, reader, identity, api.export_limit(0)))
    app.include_router(api.schools(workflow, school_keys()))
    app.include_router(api.prechecks(workflow))
    app.include_router(api.family_pages(workflow, school_keys(), URL))
    app.include_router(openapi_router(app, URL))
    behind_gate(app, api.INTERFACE, identity)
    app.add_middleware(Edge, maximum_body_bytes=262_144, larger=api.LARGER_BODIES)
    return app


FAMILIES = StandingApp(_build)
"""Serves a workflow."""
