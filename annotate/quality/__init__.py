"""How good labels are: agreement, competence, adjudication and evaluation."""
