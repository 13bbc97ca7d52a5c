from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access.permissions import StudentPage
from appointments.selectors.student_types import type_list
from eligibility.selectors.student_facts import student_context


class TypeList(StudentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        offered = type_list(student_context(request.user.pk))
        return render(request, "appointments/type_list.html", {"offered": offered})
