"""When and how a card is asked: schedules, reviews, quizzes."""
