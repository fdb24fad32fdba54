"""What there is to know, and where it came from. Knows nothing of schedules or quizzes."""
