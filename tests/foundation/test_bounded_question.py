import threading

import pytest

from foundation.process.bounded_question import BoundedQuestion


def test_the_answer_and_the_failure_reach_the_caller() -> None:
    answers = iter([3, None])

    def question() -> int:
        answer = next(answers)
        if answer is None:
            raise OSError("the disk is away")
        return answer

    bounded = BoundedQuestion(question)
    assert bounded.ask(5) == 3
    with pytest.raises(OSError, match="away"):
        bounded.ask(5)


def test_a_hanging_question_is_asked_once_and_again_after_it_returns() -> None:
    asked, back = [], threading.Event()

    def question() -> str:
        asked.append(threading.get_ident())
        back.wait(30)
        return "here"

    bounded = BoundedQuestion(question)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            bounded.ask(0.05)
    assert len(asked) == 1
    back.set()
    assert bounded.ask(5) == "here"
    assert bounded.ask(5) == "here"
    assert len(asked) >= 2
    assert len(set(asked)) == 1, "one thread, which keeps its connections"
