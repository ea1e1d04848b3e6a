"""The demo: from the body of an application to the pass, by the addresses that everybody uses."""
