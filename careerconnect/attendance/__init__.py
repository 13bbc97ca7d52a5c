"""What a missed appointment sets in motion, as people see it: the student's own page, and the manager's (ELIG-3).

On the top floor, because a person's whole story lies in apps that do not know one another. It owns no table.
"""
