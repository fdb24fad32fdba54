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
        if not faults:
            self.stdout.write(f"{checked} schedules checked, all agree with the log.")
            return
        if not repair:
            raise CommandError(
                f"{len(faults)} of {checked} schedules differ from their log. "
                "The log is the truth: run check_integrity --repair to rebuild them."
            )
        mended = sum(integrity.mend(fault) for fault in faults)
        self.stdout.write(f"{checked} schedules checked, {mended} rebuilt.")
        if mended < len(faults):
            raise CommandError(
                f"{len(faults) - mended} could not be rebuilt: their log cannot be replayed. "
                "Look at the rows named above; nothing of them was changed."
            )
