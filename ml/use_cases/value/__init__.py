"""What a customer will still be worth: purchases without a contract, and margins of contracts."""
