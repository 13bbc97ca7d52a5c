from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access.permissions import StudentPage
from appointments.selectors.situations import booking_situations
from appointments.selectors.student_types import type_list
from eligibility.selectors.student_facts import student_context


class TypeList(StudentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        student = student_context(request.user.pk)
        offered = type_list(student)
        context = {"offered": offered, "situations": booking_situations(offered, student)}
        return render(request, "appointments/type_list.html", context)
