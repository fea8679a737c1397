"""What the screens are made of: icons, masked values, spoken times, form fields."""
