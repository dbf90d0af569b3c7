"""A headless Chromium spoken to over a pipe (Chrome DevTools Protocol); the standard library alone."""

import base64
import json
import os
import shutil
import subprocess
import tempfile

NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"]
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--remote-debugging-pipe",
]


def find():
    """Returns the browser's path, or None."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page of a browser, and every request it makes."""

    def __init__(self, path):
        self.profile = tempfile.mkdtemp()
        read_by_it, self.to = os.pipe()
        self.come, written_by_it = os.pipe()

        def pipes():
            # It reads commands from 3 and writes answers to 4.
            high = [os.dup(end) for end in (read_by_it, written_by_it)]
            while min(high) < 5:
                high = [os.dup(end) for end in high]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [path, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"],
            preexec_fn=pipes, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(read_by_it)
        os.close(written_by_it)
        self.number = 0
        self.rest = b""
        self.session = None
        self.events = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Network", "Runtime", "Log", "DOM"]:
            self.ask(f"{domain}.enable")

    def close(self):
        try:
            session, self.session = self.session, None
            self.ask("Browser.close")
            self.process.wait(20)
        except (OSError, RuntimeError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def message(self):
        while b"\0" not in self.rest:
            more = os.read(self.come, 1 << 20)
            if not more:
                raise RuntimeError("the browser went away")
            self.rest += more
        one, _, self.rest = self.rest.partition(b"\0")
        return json.loads(one)

    def ask(self, method, **params):
        self.number += 1
        what = {"id": self.number, "method": method, "params": params}
        if self.session:
            what["sessionId"] = self.session
        data = json.dumps(what).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def open(self, url):
        """Opens a page and returns the addresses of all requests until it is loaded."""
        self.events = []
        self.ask("Page.navigate", url=url)
        loaded = lambda: any(one.get("method") == "Page.loadEventFired" for one in self.events)
        while not loaded():
            self.events.append(self.message())
        # What a page asks for later than it is loaded.
        for _ in range(3):
            self.ask("Page.captureScreenshot", format="jpeg")
        return self.requests()

    def requests(self):
        """Returns the addresses of all requests since the page was opened."""
        sent = [one["params"] for one in self.events if one.get("method") == "Network.requestWillBeSent"]
        return [one["request"]["url"] for one in sent]

    def complaints(self):
        """Returns what the browser logged: errors, refused scripts and styles."""
        out = []
        for one in self.events:
            if one.get("method") == "Log.entryAdded":
                out.append(one["params"]["entry"]["text"])
            elif one.get("method") == "Runtime.exceptionThrown":
                out.append(json.dumps(one["params"]["exceptionDetails"])[:300])
        return out

    def html(self):
        """Returns the document as the browser has it now."""
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        return self.ask("DOM.getOuterHTML", nodeId=root)["outerHTML"]

    def tell(self, expression):
        """Returns what JavaScript says."""
        said = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in said:
            raise RuntimeError(f"{expression}: {said['exceptionDetails']}")
        return said["result"].get("value")

    def size(self, width, height, mobile=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=mobile)

    def dark(self, dark):
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])

    def scripts(self, allowed):
        self.ask("Emulation.setScriptExecutionDisabled", value=not allowed)

    def shot(self, path):
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        with open(path, "wb") as out:
            out.write(base64.b64decode(shot["data"]))

    def pdf(self, path):
        shot = self.ask("Page.printToPDF", printBackground=False, preferCSSPageSize=True)
        with open(path, "wb") as out:
            out.write(base64.b64decode(shot["data"]))
