"""What was due: clocks of regulation and guidance, each with its trigger, due date and source."""
