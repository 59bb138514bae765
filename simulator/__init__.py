"""docklab: Docker networking in user space.

The rooms, from the ground up; each may use only those before it (tests/test_layers.py holds the arrows):

    clock, trace, versions   time and chance; what happened; what differs between versions of Docker
    kernel                   what Linux does: devices, bridges, neighbours, routes, IP, TCP, netfilter, processes, files
    userland                 what runs in processes: the shell, ping, curl, ip, iptables ...
    engine                   what dockerd does, speaking the documents of the Docker Engine API
    images                   what is on the disks of alpine, httpd, mysql, centos, and of the machines themselves
    cli                      what the docker client does
    lab                      machines, cables and an engine as one world
    session, lesson          recorded sessions and lessons, typed into a lab
    ui                       the screens
"""
