"""What every room of the warehouse stands on: settings, configuration, errors, paths, reports, the calendar."""
