"""Words of codes, by what they are about. Read through `grants.web.kit.labels`."""
