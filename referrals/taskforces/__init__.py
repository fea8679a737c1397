"""Task forces (工作专班): who stands for each department at a centre, since when."""
