"""Future value of customers: purchases without a contract, and margins of contracts."""
