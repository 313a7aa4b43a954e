"""The edge as code: what Nginx Proxy Manager should do is declared in a file, compared, applied and proven."""
