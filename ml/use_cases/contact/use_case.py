"""Forecast of tickets and complaints, and their category (C7)."""

from ml.use_case import Model, UseCase, Watched
from ml.use_cases.contact.features import COMPLAINT, TICKET, complaint_target, ticket_target
from ml.use_cases.contact.register import prepare_complaint, prepare_ticket
from ml.use_cases.contact.score import COMPLAINT_COLUMN, TICKET_COLUMN, score
from ml.use_cases.contact.tables import CONTACT_FORECAST

USE_CASE = UseCase(
    "contact",
    (CONTACT_FORECAST,),
    score,
    (
        Model(TICKET, prepare_ticket, Watched(ticket_target, CONTACT_FORECAST, TICKET_COLUMN)),
        Model(
            COMPLAINT,
            prepare_complaint,
            Watched(complaint_target, CONTACT_FORECAST, COMPLAINT_COLUMN, "complaint_model_version"),
        ),
    ),
)
