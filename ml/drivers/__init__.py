"""The driver model of satisfaction: responses, driver names and the champion. Several use cases share it."""
