"""desks: what each room asks of the house, one module each, as functions that page, API, command line and Python share."""
