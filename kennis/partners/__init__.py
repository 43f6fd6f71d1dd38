"""How others take Kennis over: forms that other systems read."""
