-- The databases of the five processes, and for each two roles: one owns the tables and migrates them, the other runs the
-- process and owns nothing. The database's administrator runs it once, and again without harm: psql -f roles.sql
-- How each role signs in is the form of installation's: by the system's user, a certificate or a password.
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS', name)
FROM unnest(ARRAY['application', 'eligibility', 'signer', 'issuance', 'wallet_pass']) AS process(running),
    LATERAL (VALUES (running), (running || '_owner')) AS role(name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- UTF8 also where the server was made without a language (Debian's without locales: SQL_ASCII, which gives no letters back).
-- the keys of families make their own tables, which hold nothing that is anybody's: their owner runs
SELECT format('CREATE DATABASE %I OWNER %I ENCODING ''UTF8'' TEMPLATE template0', name, owner)
FROM (VALUES
    ('application', 'application_owner'), ('application_keys', 'application'), ('eligibility', 'eligibility_owner'),
    ('signer', 'signer_owner'), ('issuance', 'issuance_owner'), ('wallet_pass', 'wallet_pass_owner')
) AS database(name, owner)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec

REVOKE ALL ON DATABASE application, application_keys, eligibility, signer, issuance, wallet_pass FROM PUBLIC;
GRANT CONNECT ON DATABASE application TO application;
GRANT CONNECT ON DATABASE eligibility TO eligibility;
GRANT CONNECT ON DATABASE signer TO signer;
GRANT CONNECT ON DATABASE issuance TO issuance;
GRANT CONNECT ON DATABASE wallet_pass TO wallet_pass;

\connect application
ALTER SCHEMA public OWNER TO application_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
\connect application_keys
ALTER SCHEMA public OWNER TO application;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
\connect eligibility
ALTER SCHEMA public OWNER TO eligibility_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
\connect signer
ALTER SCHEMA public OWNER TO signer_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
\connect issuance
ALTER SCHEMA public OWNER TO issuance_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
\connect wallet_pass
ALTER SCHEMA public OWNER TO wallet_pass_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
