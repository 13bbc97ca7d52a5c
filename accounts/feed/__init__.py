"""The student feed's file: its columns, how it is read, and how a row is validated. Plain Python without queries."""
