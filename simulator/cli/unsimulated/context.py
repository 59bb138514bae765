"""`docker context`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

CREATE = Command(
    usage="[OPTIONS] CONTEXT",
    options=(
        Option(
            "default-stack-orchestrator",
            "string",
            "Default orchestrator for stack operations to use with this context (swarm|kubernetes|all)",
        ),
        Option("description", "string", "Description of the context"),
        Option("docker", "stringToString", "set the docker endpoint", default="[]"),
        Option("from", "string", "create context from a named context"),
        Option("kubernetes", "stringToString", "set the kubernetes endpoint", default="[]"),
    ),
    least=1,
    most=1,
    long="""\
Create a context

Docker endpoint config:

NAME                DESCRIPTION
from                Copy named context's Docker endpoint configuration
host                Docker endpoint on which to connect
ca                  Trust certs signed only by this CA
cert                Path to TLS certificate file
key                 Path to TLS key file
skip-tls-verify     Skip TLS certificate validation

Kubernetes endpoint config:

NAME                 DESCRIPTION
from                 Copy named context's Kubernetes endpoint configuration
config-file          Path to a Kubernetes config file
context-override     Overrides the context set in the kubernetes config file
namespace-override   Overrides the namespace set in the kubernetes config file

Example:

$ docker context create my-context --description "some description" --docker "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file\"""",
)

EXPORT = Command(
    usage="[OPTIONS] CONTEXT [FILE|-]",
    options=(Option("kubeconfig", "bool", "Export as a kubeconfig file"),),
    least=1,
    most=2,
)

IMPORT = Command(
    usage="CONTEXT FILE|-",
    least=2,
    most=2,
)

INSPECT = Command(
    usage="[OPTIONS] [CONTEXT] [CONTEXT...]",
    options=(Option("format", "string", "Format the output using the given Go template", short="f"),),
    most=None,
)

LS = Command(
    usage="[OPTIONS]",
    options=(
        Option("format", "string", "Pretty-print contexts using a Go template"),
        Option("quiet", "bool", "Only show context names", short="q"),
    ),
)

RM = Command(
    usage="CONTEXT [CONTEXT...]",
    options=(Option("force", "bool", "Force the removal of a context in use", short="f"),),
    least=1,
    most=None,
)

UPDATE = Command(
    usage="[OPTIONS] CONTEXT",
    options=(
        Option(
            "default-stack-orchestrator",
            "string",
            "Default orchestrator for stack operations to use with this context (swarm|kubernetes|all)",
        ),
        Option("description", "string", "Description of the context"),
        Option("docker", "stringToString", "set the docker endpoint", default="[]"),
        Option("kubernetes", "stringToString", "set the kubernetes endpoint", default="[]"),
    ),
    least=1,
    most=1,
    long="""\
Update a context

Docker endpoint config:

NAME                DESCRIPTION
from                Copy named context's Docker endpoint configuration
host                Docker endpoint on which to connect
ca                  Trust certs signed only by this CA
cert                Path to TLS certificate file
key                 Path to TLS key file
skip-tls-verify     Skip TLS certificate validation

Kubernetes endpoint config:

NAME                 DESCRIPTION
from                 Copy named context's Kubernetes endpoint configuration
config-file          Path to a Kubernetes config file
context-override     Overrides the context set in the kubernetes config file
namespace-override   Overrides the namespace set in the kubernetes config file

Example:

$ docker context update my-context --description "some description" --docker "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file\"""",
)

USE = Command(
    usage="CONTEXT",
    least=1,
    most=1,
)
