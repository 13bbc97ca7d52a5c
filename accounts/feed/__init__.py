"""The student feed's file: its columns, how it is read, and what is wrong with a row. Plain Python, no queries."""
