"""How good labels are: adjudication and evaluation."""
