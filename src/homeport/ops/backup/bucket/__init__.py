"""Copies of archives in an S3-compatible bucket, over the one way out and without a client library."""
