"""The control: the usual way. A task of Celery, as Celery is set up by default, writes the mail and sends it."""

import os
import smtplib
import time
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import urlsplit

from celery import Celery

app = Celery("naive", broker=os.environ["REDIS_URL"])
app.conf.update(broker_connection_retry_on_startup=True)
COMPOSING_SECONDS = 0.05  # what a letter costs at the least


@app.task(name="send_letter")
def send_letter(recipient: str) -> None:
    """Compose and send."""
    time.sleep(COMPOSING_SECONDS)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "palabre@exemple.invalid", recipient, "Votre dossier"
    mail["Message-ID"] = make_msgid(domain="exemple.invalid")
    mail.set_content("La décision est jointe.")
    server = urlsplit(os.environ["SMTP_URL"])
    with smtplib.SMTP(str(server.hostname), int(server.port or 25), timeout=20) as line:
        line.send_message(mail)


if __name__ == "__main__":
    app.worker_main(["worker", "--concurrency", "2", "--loglevel", "WARNING"])
