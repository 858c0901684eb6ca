"""What all rooms of the warehouse use: settings, configuration, errors, paths, reports, the calendar."""
