"""Replay every log and compare it with the schedules."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quizzes import integrity


class Command(BaseCommand):
    help = "Replay the log of every card and compare it with the stored schedule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="rebuild the schedules that differ from their log"
        )

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        checked, faults = integrity.check()
        for fault in faults:
            self.stdout.write(str(fault))
            if repair:
                integrity.mend(fault)
        if faults and not repair:
            raise CommandError(
                f"{len(faults)} of {checked} schedules differ from their log. "
                "The log is the truth: run check_integrity --repair to rebuild them."
            )
        end = f"{len(faults)} rebuilt" if faults else "all agree with the log"
        self.stdout.write(f"{checked} schedules checked, {end}.")
