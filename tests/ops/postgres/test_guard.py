from homeport.ops.process import ProcessId

WATCHED = """
    import signal, sys, time
    signal.signal(signal.SIGINT, lambda *_: (print("asked", flush=True), sys.exit()))
    print("up", flush=True)
    time.sleep(60)
    """
WATCHING = """
    import sys, time
    from homeport.ops.postgres.guard import Guard
    guard = Guard(int(sys.argv[1]))
    print("watching", flush=True)
    {then}
    """


def test_the_server_is_asked_to_stop_when_its_parent_is_killed(program):
    server = program(WATCHED)
    assert server.stdout.readline() == "up\n"
    parent = program(WATCHING.format(then="time.sleep(60)"), str(server.pid))
    assert parent.stdout.readline() == "watching\n"
    parent.kill()
    assert server.stdout.readline() == "asked\n"


def test_a_dismissed_guard_leaves_the_server_alone(program):
    server = program(WATCHED)
    assert server.stdout.readline() == "up\n"
    parent = program(WATCHING.format(then="guard.dismiss()"), str(server.pid))
    assert parent.wait() == 0
    watched = ProcessId.of(server.pid)
    assert watched is not None
    assert not watched.wait(0.3)
