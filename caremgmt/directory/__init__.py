"""What every installation begins with: divisions, classification, deadlines, calendar, and the offices and bodies of the province."""
