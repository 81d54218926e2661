"""``flask hub …``: set-up, demo data, checks, mail. Thin: the work is elsewhere."""

import sys
from ipaddress import ip_address
from pathlib import Path

import click
from flask import Flask, current_app, url_for
from flask.cli import AppGroup
from flask_migrate import upgrade
from sqlalchemy import Select

from hub.exceptions import HubError

hub_commands = AppGroup("hub", help="Run a Linqiao site.")


def init_app(app: Flask) -> None:
    app.cli.add_command(hub_commands)


@hub_commands.command("init")
@click.option("--link/--no-link", default=True, help="Whether to print the set-up link.")
def init(link: bool) -> None:
    """Make or upgrade the database; print the set-up link while there is no administrator."""
    from hub.services.accounts import has_administrator, invite_administrator
    from hub.services.activities import seed_activities
    from hub.services.questions import seed_questions
    from hub.transaction import unit_of_work

    upgrade()
    with unit_of_work():
        seed_activities()
        seed_questions()
    if not link or has_administrator():
        return
    with unit_of_work():
        token = invite_administrator()
    with current_app.test_request_context(base_url=current_app.config["BASE_URL"]):
        path = url_for("accounts.set_up", lang=current_app.config["LANGUAGE_CODES"][0], token=token)
    click.echo("\nThis site has no administrator yet. Open this link once, within 24 hours:\n")
    click.echo(f"    {current_app.config['BASE_URL']}{path}\n")


@hub_commands.command("demo")
@click.option("--seed", default=2026, show_default=True, help="The same seed, the same data.")
@click.option("--scale", type=click.Choice(["1x", "10x"]), help="Sizes for benchmarks.")
def demo(seed: int, scale: str | None) -> None:
    """Fill an empty database with sample data, relative to today."""
    from hub.demo import load_demo

    try:
        load_demo(seed=seed, scale=scale, say=click.echo)
    except HubError as error:
        raise click.ClickException(str(error.message)) from None


@hub_commands.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--worker/--no-worker", default=True, help="Whether mails are sent here too.")
def serve(host: str, port: int, workers: int, worker: bool) -> None:
    """Serve the site with gunicorn, and send its mails beside it (hub worker). Demo accounts are
    served on loopback addresses only."""
    from hub.web.processes import run_together

    _say_hello(host)
    options = ["--workers", str(workers), "--threads", "4", "--log-level", "warning"]
    server = [str(Path(sys.executable).parent / "gunicorn"), *options]
    helper = [sys.executable, "-m", "flask", "--app", "hub", "hub", "worker"]
    sys.exit(
        run_together(
            [*server, "--bind", f"{host}:{port}", "hub:create_app()"], helper if worker else None
        )
    )


def _say_hello(host: str) -> None:
    from hub.demo import demo_accounts, has_demo_accounts

    if has_demo_accounts():
        if not ip_address("127.0.0.1" if host == "localhost" else host).is_loopback:
            raise click.ClickException(
                f"This database holds demo accounts with printed passwords: not on {host}."
            )
        click.echo("Demo accounts (password beside each):")
        for role, email, password, _name in demo_accounts():
            click.echo(f"  {role:<34} {email:<34} {password}")
    click.echo(f"\nLinqiao 邻桥 is at {current_app.config['BASE_URL']}\n")


@hub_commands.command("check")
def check() -> None:
    """Ask the database for every row that breaks a rule; exit 1 and name them if there is one."""
    from hub.queries.invariants import CHECKS, violations

    found = list(violations())
    for violation in found:
        click.echo(str(violation))
    click.echo(f"{len(CHECKS)} checks, {len(found)} rows break a rule")
    sys.exit(1 if found else 0)


PURGE_WORDS = {
    "sign_ups": "sign-ups of events that are long over: name and contact deleted",
    "messages": "messages of more than 90 days: what they said deleted, the log stays",
    "log_ins": "log-ins that were not used for 90 days: deleted",
    "invitations": "invitations that have expired: address deleted",
    "accounts": "accounts that nobody confirmed for 30 days: name and address deleted",
    "talk_requests": "requests for talks that were answered long ago: name and contact deleted",
    "suggestions": "suggestions that were concluded long ago: name and contact deleted",
    "backers": "addresses behind suggestions that nobody confirmed for 7 days: deleted",
    "survey_marks": "marks of who has answered surveys that closed 30 days ago: deleted",
    "survey_comments": "comments in surveys of two years ago: text deleted",
    "evidence": "pictures whose record is gone: file deleted",
    "materials": "documents whose material is gone: file deleted",
    "photos": "photos whose suggestion is gone: file deleted",
}
PURGE_BATCH = 500


@hub_commands.command("purge")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def purge(dry_run: bool) -> None:
    """Delete the personal data that are past their date, and say what was done. Run it daily."""
    from hub.queries.retention import how_many, past_their_date
    from hub.services.purge import note_purge
    from hub.transaction import unit_of_work

    queries = past_their_date()
    if dry_run:
        done = {kind: how_many(query) for kind, query in queries.items()}
        done |= _remove_orphans(really=False)
    else:
        done = {kind: _purge_kind(kind, query) for kind, query in queries.items()}
        done |= _remove_orphans(really=True)
        with unit_of_work():
            note_purge(done)
    for kind, number in done.items():
        click.echo(f"{number:>8}  {PURGE_WORDS[kind]}")
    if dry_run:
        click.echo("Nothing was changed: this was a dry run.")


def _remove_orphans(*, really: bool) -> dict[str, int]:
    """Files that no row names any more."""
    from hub.services import evidence, materials, suggestions

    folders = {"evidence": evidence, "materials": materials, "photos": suggestions}
    return {name: of.remove_orphans(really=really) for name, of in folders.items()}


def _purge_kind(kind: str, query: Select[int]) -> int:
    """In small transactions, so that people who sign up meanwhile never wait long."""
    from hub.queries.retention import first_ids
    from hub.services.purge import purge_rows
    from hub.transaction import unit_of_work

    done = 0
    while ids := first_ids(query, 100_000):
        before = done
        for start in range(0, len(ids), PURGE_BATCH):
            with unit_of_work():
                done += purge_rows(kind, ids[start : start + PURGE_BATCH])
        if done == before:  # somebody else was at it
            break
    return done


@hub_commands.command("remind")
def remind() -> None:
    """Write to everybody whose term ends within 30 days, or whose qualification ends within 60,
    and is not renewed; and to whoever planned a talk of the next 7 days that lacks a lecturer.
    Run it daily."""
    from hub.services.appointments import remind_of_ends
    from hub.services.qualifications import remind_of_expiring_qualifications
    from hub.services.talks import alert_talks_without_lecturer
    from hub.transaction import unit_of_work

    with unit_of_work():
        reminded = remind_of_ends()
    click.echo(f"{reminded} people are told that their term ends")
    with unit_of_work():
        reminded = remind_of_expiring_qualifications()
    click.echo(f"{reminded} mails say that a qualification ends")
    with unit_of_work():
        lacking = alert_talks_without_lecturer()
    click.echo(f"{lacking} talks of the next 7 days lack a lecturer")


@hub_commands.command("worker")
@click.option("--once", is_flag=True, help="One round, then stop.")
def worker(once: bool) -> None:
    """Send the mails that are due, queue reminders and digests, read what comes back.

    Several may run at once. SIGTERM and Ctrl-C stop it after the mail in hand."""
    from hub.web.worker import Worker

    Worker(current_app, say=click.echo).run(once=once)
