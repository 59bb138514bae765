"""All commands of docker: nouns with their verbs, the one-line description of each, aliases and the old short forms.

Generated help, dispatch and completion read these tables; what a verb does is in the module that `tree.py` finds.
"""

from __future__ import annotations

# Noun (or path): its description, and its verbs with theirs.
NOUNS: dict[str, tuple[str, dict[str, str]]] = {
    "builder": (
        "Manage builds",
        {
            "build": "Build an image from a Dockerfile",
            "prune": "Remove build cache",
        },
    ),
    "completion": (
        "Generate the autocompletion script for the specified shell",
        {
            "bash": "Generate the autocompletion script for bash",
            "fish": "Generate the autocompletion script for fish",
            "powershell": "Generate the autocompletion script for powershell",
            "zsh": "Generate the autocompletion script for zsh",
        },
    ),
    "config": (
        "Manage Docker configs",
        {
            "create": "Create a config from a file or STDIN",
            "inspect": "Display detailed information on one or more configs",
            "ls": "List configs",
            "rm": "Remove one or more configs",
        },
    ),
    "container": (
        "Manage containers",
        {
            "attach": "Attach local standard input, output, and error streams to a running container",
            "commit": "Create a new image from a container's changes",
            "cp": "Copy files/folders between a container and the local filesystem",
            "create": "Create a new container",
            "diff": "Inspect changes to files or directories on a container's filesystem",
            "exec": "Run a command in a running container",
            "export": "Export a container's filesystem as a tar archive",
            "inspect": "Display detailed information on one or more containers",
            "kill": "Kill one or more running containers",
            "logs": "Fetch the logs of a container",
            "ls": "List containers",
            "pause": "Pause all processes within one or more containers",
            "port": "List port mappings or a specific mapping for the container",
            "prune": "Remove all stopped containers",
            "rename": "Rename a container",
            "restart": "Restart one or more containers",
            "rm": "Remove one or more containers",
            "run": "Run a command in a new container",
            "start": "Start one or more stopped containers",
            "stats": "Display a live stream of container(s) resource usage statistics",
            "stop": "Stop one or more running containers",
            "top": "Display the running processes of a container",
            "unpause": "Unpause all processes within one or more containers",
            "update": "Update configuration of one or more containers",
            "wait": "Block until one or more containers stop, then print their exit codes",
        },
    ),
    "context": (
        "Manage contexts",
        {
            "create": "Create a context",
            "export": "Export a context to a tar or kubeconfig file",
            "import": "Import a context from a tar or zip file",
            "inspect": "Display detailed information on one or more contexts",
            "ls": "List contexts",
            "rm": "Remove one or more contexts",
            "update": "Update a context",
            "use": "Set the current docker context",
        },
    ),
    "image": (
        "Manage images",
        {
            "build": "Build an image from a Dockerfile",
            "history": "Show the history of an image",
            "import": "Import the contents from a tarball to create a filesystem image",
            "inspect": "Display detailed information on one or more images",
            "load": "Load an image from a tar archive or STDIN",
            "ls": "List images",
            "prune": "Remove unused images",
            "pull": "Pull an image or a repository from a registry",
            "push": "Push an image or a repository to a registry",
            "rm": "Remove one or more images",
            "save": "Save one or more images to a tar archive (streamed to STDOUT by default)",
            "tag": "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
        },
    ),
    "manifest": (
        "Manage Docker image manifests and manifest lists",
        {
            "annotate": "Add additional information to a local image manifest",
            "create": "Create a local manifest list for annotating and pushing to a registry",
            "inspect": "Display an image manifest, or manifest list",
            "push": "Push a manifest list to a repository",
            "rm": "Delete one or more manifest lists from local storage",
        },
    ),
    "network": (
        "Manage networks",
        {
            "connect": "Connect a container to a network",
            "create": "Create a network",
            "disconnect": "Disconnect a container from a network",
            "inspect": "Display detailed information on one or more networks",
            "ls": "List networks",
            "prune": "Remove all unused networks",
            "rm": "Remove one or more networks",
        },
    ),
    "node": (
        "Manage Swarm nodes",
        {
            "demote": "Demote one or more nodes from manager in the swarm",
            "inspect": "Display detailed information on one or more nodes",
            "ls": "List nodes in the swarm",
            "promote": "Promote one or more nodes to manager in the swarm",
            "ps": "List tasks running on one or more nodes, defaults to current node",
            "rm": "Remove one or more nodes from the swarm",
            "update": "Update a node",
        },
    ),
    "plugin": (
        "Manage plugins",
        {
            "create": "Create a plugin from a rootfs and configuration. "
            "Plugin data directory must contain config.json and rootfs directory.",
            "disable": "Disable a plugin",
            "enable": "Enable a plugin",
            "inspect": "Display detailed information on one or more plugins",
            "install": "Install a plugin",
            "ls": "List plugins",
            "push": "Push a plugin to a registry",
            "rm": "Remove one or more plugins",
            "set": "Change settings for a plugin",
            "upgrade": "Upgrade an existing plugin",
        },
    ),
    "secret": (
        "Manage Docker secrets",
        {
            "create": "Create a secret from a file or STDIN as content",
            "inspect": "Display detailed information on one or more secrets",
            "ls": "List secrets",
            "rm": "Remove one or more secrets",
        },
    ),
    "service": (
        "Manage services",
        {
            "create": "Create a new service",
            "inspect": "Display detailed information on one or more services",
            "logs": "Fetch the logs of a service or task",
            "ls": "List services",
            "ps": "List the tasks of one or more services",
            "rm": "Remove one or more services",
            "rollback": "Revert changes to a service's configuration",
            "scale": "Scale one or multiple replicated services",
            "update": "Update a service",
        },
    ),
    "stack": (
        "Manage Docker stacks",
        {
            "deploy": "Deploy a new stack or update an existing stack",
            "ls": "List stacks",
            "ps": "List the tasks in the stack",
            "rm": "Remove one or more stacks",
            "services": "List the services in the stack",
        },
    ),
    "swarm": (
        "Manage Swarm",
        {
            "ca": "Display and rotate the root CA",
            "init": "Initialize a swarm",
            "join": "Join a swarm as a node and/or manager",
            "join-token": "Manage join tokens",
            "leave": "Leave the swarm",
            "unlock": "Unlock swarm",
            "unlock-key": "Manage the unlock key",
            "update": "Update the swarm",
        },
    ),
    "system": (
        "Manage Docker",
        {
            "df": "Show docker disk usage",
            "events": "Get real time events from the server",
            "info": "Display system-wide information",
            "prune": "Remove unused data",
        },
    ),
    "trust": (
        "Manage trust on Docker images",
        {
            "inspect": "Return low-level information about keys and signatures",
            "revoke": "Remove trust for an image",
            "sign": "Sign an image",
        },
    ),
    "trust key": (
        "Manage keys for signing Docker images",
        {
            "generate": "Generate and load a signing key-pair",
            "load": "Load a private key file for signing",
        },
    ),
    "trust signer": (
        "Manage entities who can sign Docker images",
        {
            "add": "Add a signer",
            "remove": "Remove a signer",
        },
    ),
    "volume": (
        "Manage volumes",
        {
            "create": "Create a volume",
            "inspect": "Display detailed information on one or more volumes",
            "ls": "List volumes",
            "prune": "Remove all unused local volumes",
            "rm": "Remove one or more volumes",
        },
    ),
}

ALIASES: dict[str, tuple[str, ...]] = {
    "config ls": ("list",),
    "config rm": ("remove",),
    "container ls": ("ps", "list"),
    "context ls": ("list",),
    "context rm": ("remove",),
    "image ls": ("list",),
    "image rm": ("rmi", "remove"),
    "network ls": ("list",),
    "network rm": ("remove",),
    "node ls": ("list",),
    "node rm": ("remove",),
    "plugin ls": ("list",),
    "plugin rm": ("remove",),
    "secret ls": ("list",),
    "secret rm": ("remove",),
    "service ls": ("list",),
    "service rm": ("remove",),
    "stack deploy": ("up",),
    "stack ls": ("list",),
    "stack rm": ("remove", "down"),
    "volume ls": ("list",),
    "volume rm": ("remove",),
}

# Commands without a noun that are those of a noun; the name is the verb unless it stands here.
SHORT_FORMS: dict[str, tuple[str, ...]] = {
    "container": (
        "attach", "commit", "cp", "create", "diff", "exec", "export", "kill", "logs", "pause", "port", "rename",
        "restart", "rm", "run", "start", "stats", "stop", "top", "unpause", "update", "wait",
    ),
    "image": ("build", "history", "import", "load", "pull", "push", "save", "tag"),
    "system": ("events", "info"),
}  # fmt: skip
RENAMED: dict[str, str] = {"ps": "container ls", "images": "image ls", "rmi": "image rm"}

# Commands that have no noun at all: their module and description.
OTHERS: dict[str, tuple[str, str]] = {
    "inspect": ("system.inspect", "Return low-level information on Docker objects"),
    "login": ("unsimulated.registry:LOGIN", "Log in to a Docker registry"),
    "logout": ("unsimulated.registry:LOGOUT", "Log out from a Docker registry"),
    "search": ("image.search", "Search the Docker Hub for images"),
    "version": ("system.version", "Show the Docker version information"),
}

SIMULATED = ("builder", "container", "image", "network", "system", "volume")
MODULES: dict[str, str] = {
    "builder build": "image.build",
    "image import": "image.import_",
    "service create": "unsimulated.service_create",
    "service update": "unsimulated.service_update",
}
