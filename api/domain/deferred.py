"""A value that is still to come, and the steps that are taken with it, at once, when it comes.

A coroutine would take them in a task of its own, some turns of the event loop later, through every frame that waits. Here
whoever has the values of a crowd resolves one after the other, and each is dealt with to its end in a plain call.
"""

import asyncio
from asyncio import AbstractEventLoop, CancelledError
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextvars import copy_context
from types import CoroutineType
from typing import Any, Generic, TypeAlias, TypeVar, overload

T = TypeVar("T")
S = TypeVar("S")
Step: TypeAlias = tuple[Callable[[Any], Any], Callable[[BaseException], Any] | None]  # with a value, and with an error
_tasks: set[asyncio.Task[None]] = set()  # event loops keep none alive


class Deferred(Generic[T]):
    """A value to come. Its steps are one chain: each gets what the one before it has returned or raised.

    They run in the context (contextvars) in which the Deferred was made. Whoever runs in a task may await it instead, and
    who stops waiting changes nothing. An error that nobody gets is reported to the loop's exception handler.
    """

    __slots__ = ("_context", "_failure", "_is_idle", "_rest", "_steps", "_task", "_value", "is_settled")

    def __init__(self) -> None:
        self._rest: Deferred[Any] | None = None  # has the steps that were cut off
        self._task: asyncio.Task[None] | None = None  # waits for what a step has returned
        self._context = copy_context()
        self._steps: list[Step] = []
        self._value: Any = None
        self._failure: _Failure | None = None
        self._is_idle = False  # settled, and all steps are taken
        self.is_settled = False

    @overload
    def then(
        self,
        on_value: Callable[[T], Coroutine[Any, Any, S]],
        on_error: Callable[[BaseException], S | Coroutine[Any, Any, S]] | None = None,
    ) -> "Deferred[S]": ...

    @overload
    def then(
        self, on_value: Callable[[T], S], on_error: Callable[[BaseException], S | Coroutine[Any, Any, S]] | None = None
    ) -> "Deferred[S]": ...

    def then(self, on_value: Callable[[T], Any], on_error: Callable[[BaseException], Any] | None = None) -> Any:
        """Add a step: on_value takes a value, on_error an error; without it, errors go on to the next step.

        When a step returns a coroutine, a task awaits that for the next one. Returns this Deferred itself.
        """
        if self._rest is not None:
            self._rest.then(on_value, on_error)
            return self
        self._steps.append((on_value, on_error))
        if self._is_idle:
            self._context.run(self._take_steps)
        return self

    def resolve(self, value: T) -> None:
        """Let this be the value, and take the steps now. Only the first resolve or reject counts."""
        if not self.is_settled:
            self.is_settled = True
            self._value = value
            self._context.run(self._take_steps)

    def reject(self, error: BaseException) -> None:
        """Take the steps now with this error in place of the value."""
        if not self.is_settled:
            self.is_settled = True
            self._failure = _Failure(error)
            self._context.run(self._take_steps)

    def cancel(self) -> None:
        """Stop what is under way, and take the other steps with CancelledError. What is resolved later is ignored."""
        if self._rest is not None:
            self._rest.cancel()
        if self._task is not None:
            self._task.cancel()
        self.reject(CancelledError())

    def cut_off(self, step: Step, error: BaseException) -> None:
        """Take the steps behind this one now, with this error, and whatever is added later after them.

        This one and those before it are taken all the same when the value comes.
        """
        place = self._steps.index(step) + 1
        self._rest = rest = Deferred[Any]()
        rest._context = self._context
        rest._steps = self._steps[place:]
        del self._steps[place:]
        rest.reject(error)

    def _take_steps(self) -> None:
        self._is_idle = False
        steps = self._steps
        while steps:
            on_value, on_error = steps.pop(0)
            failure = self._failure
            try:
                if failure is None:
                    self._value = on_value(self._value)
                elif on_error is not None:
                    self._value = on_error(failure.error)
                    failure.is_told, self._failure = True, None
            except (Exception, CancelledError) as error:
                self._fail(error)
            else:
                if type(self._value) is CoroutineType or type(self._value) is Deferred:
                    self._task = asyncio.get_running_loop().create_task(self._wait_for(self._value))
                    _tasks.add(self._task)
                    self._task.add_done_callback(_tasks.discard)
                    return
        self._is_idle = True

    def _fail(self, error: BaseException) -> None:
        """Go on with what a step has raised."""
        failure = self._failure
        if failure is None or failure.error is not error:  # else a step has let it pass
            if failure is not None:
                failure.is_told = True
            self._value, self._failure = None, _Failure(error)

    async def _wait_for(self, awaitable: Awaitable[Any]) -> None:
        try:
            self._value = await awaitable
        except (Exception, CancelledError) as error:
            self._fail(error)
        self._task = None
        self._context.run(self._take_steps)

    def __await__(self) -> Generator[Any, None, T]:
        """Wait in a task."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def tell(value: T) -> T:
            if not future.done():
                future.set_result(value)
            return value

        def tell_error(error: BaseException) -> T:
            if not future.done():
                future.set_exception(error)
                for failure in (self._failure, self._rest._failure if self._rest else None):
                    if failure is not None and failure.error is error:
                        failure.is_told = True
            raise error

        self.then(tell, tell_error)
        return (yield from future)


def follow(
    awaitable: Awaitable[T], on_value: Callable[[T], S], on_error: Callable[[BaseException], S] | None = None
) -> Awaitable[S]:
    """Take a step with what this comes to: the next one of a Deferred, and in a coroutine where it is anything else."""
    if isinstance(awaitable, Deferred):
        return awaitable.then(on_value, on_error)
    return _follow(awaitable, on_value, on_error)


async def _follow(
    awaitable: Awaitable[T], on_value: Callable[[T], S], on_error: Callable[[BaseException], S] | None
) -> S:
    try:
        value = await awaitable
    except Exception as error:
        if on_error is None:
            raise
        return on_error(error)
    return on_value(value)


class _Failure:
    """An error, which is reported if it was told to nobody before it is forgotten."""

    __slots__ = ("_loop", "error", "is_told")

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.is_told = isinstance(error, CancelledError)
        self._loop: AbstractEventLoop = asyncio.get_running_loop()

    def __del__(self) -> None:
        if not self.is_told:
            message = "an error in a step of a Deferred was told to nobody"
            self._loop.call_exception_handler({"message": message, "exception": self.error})
