"""The engine room: what starts, watches and ends processes. It never loads the web application."""
