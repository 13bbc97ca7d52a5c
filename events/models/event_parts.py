"""What belongs to one event: organisers, employers, questions, places kept for a group, its picture, and messages."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from eligibility.models import Group
from events.models.event import Event
from foundation.db.choice_checks import choice_check
from foundation.values.links import LONGEST_LINK
from foundation.values.public_ids import new_public_id
from places.models import MeetingMode


class EventOrganiser(models.Model):
    """A colleague who looks after the event and gets its news."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="organisers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="organises")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"],
                name="event_is_organised_once_by_a_person",
                violation_error_code="organiser_twice",
                violation_error_message="This colleague organises the event already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.person_id}"


class EventEmployer(models.Model):
    """An employer taking part, as everybody reads it."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="employers")
    name = models.CharField(max_length=120)
    link = models.CharField("web page", max_length=LONGEST_LINK, blank=True)
    note = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"],
                name="employer_takes_part_once",
                violation_error_code="employer_twice",
                violation_error_message="This employer takes part already.",
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://"),
                name="employer_link_is_https",
                violation_error_code="employer_link",
                violation_error_message="Enter a link that starts with https://.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class QuestionKind(models.TextChoices):
    TEXT = "text", "a line of text"
    LONG_TEXT = "long_text", "several lines of text"
    CHOICE = "choice", "one of several answers"
    YES_NO = "yes_no", "yes or no"


class EventQuestion(models.Model):
    """A question asked when students register. `for_employers`: employers read the answer of those who agree."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=QuestionKind, default=QuestionKind.TEXT)
    label = models.CharField("question", max_length=200)
    help = models.CharField(max_length=200, blank=True)
    choices = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    is_required = models.BooleanField("must be answered", default=False)
    for_employers = models.BooleanField(default=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            choice_check("event_question", "kind", QuestionKind.values),
            models.CheckConstraint(
                condition=(Q(kind=QuestionKind.CHOICE) & Q(choices__len__gte=2))
                | (~Q(kind=QuestionKind.CHOICE) & Q(choices__len=0)),
                name="question_with_answers_to_choose_has_two",
                violation_error_code="question_choices",
                violation_error_message="Enter at least two answers to choose from, for such a question only.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class EventReserve(models.Model):
    """Places kept back for the members of a group. Whoever is in the group takes these first."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="reserves")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="event_reserves")
    mode = models.CharField("way of attending", max_length=20, choices=MeetingMode, default=MeetingMode.IN_PERSON)
    places = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "group", "mode"],
                name="places_are_kept_once_for_a_group",
                violation_error_code="reserve_twice",
                violation_error_message="Places are kept for this group already.",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1),
                name="kept_places_are_not_zero",
                violation_error_code="reserve_places",
                violation_error_message="Keep at least 1 place, or remove the group.",
            ),
            choice_check("event_reserve", "mode", MeetingMode.values),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.group_id}"


class EventPicture(models.Model):
    """The event’s picture, drawn again on upload so that nothing hidden is left in it. Small, so it is kept here."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="picture")
    image = models.BinaryField()
    alt = models.CharField("text for people who cannot see the picture", max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(alt=""),
                name="event_picture_says_what_it_shows",
                violation_error_code="picture_alt",
                violation_error_message="Say what the picture shows, for people who cannot see it.",
            ),
        ]

    def __str__(self) -> str:
        return f"picture of event {self.event_id}"


class EventNote(models.Model):
    """A message to everybody who was registered at that moment."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField("message", max_length=3000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "message about an event"
        verbose_name_plural = "messages about events"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"message about event {self.event_id}"
