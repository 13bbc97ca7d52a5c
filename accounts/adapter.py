from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import headed_redirect_response
from django.http import HttpRequest, HttpResponse

from accounts.models import Standing, User


class AccountAdapter(DefaultAccountAdapter):
    """People come from the University's feed or an administrator: nobody signs themselves up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """The password was right: a suspended person is told whom to contact (SEC-4); a wrong one never comes here."""
        if user.standing == Standing.SUSPENDED:
            answer: HttpResponse = headed_redirect_response("account_suspended")
            return answer
        return super().respond_user_inactive(request, user)
