"""The site for machines that read: feeds, sitemap, robots."""
