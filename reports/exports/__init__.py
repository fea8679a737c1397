"""What leaves the house: workbooks, and the jobs that make them."""
