"""Tables of when and how cards are asked."""

from .quiz import Attempt, Question, Quiz, Response
from .study import Enrollment, Mark, Review, Schedule

__all__ = ["Attempt", "Enrollment", "Mark", "Question", "Quiz", "Response", "Review", "Schedule"]
