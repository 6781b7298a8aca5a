"""A community of three organisations on one running instance: what the tests of TAXII share."""
import unittest

from instance import Instance


class Community(Instance):
    """A laboratory, a cloud and a government, with a token for each role that the tests play."""

    def __init__(self, **options):
        super().__init__(**options)
        self.organisation("aurora", "lab", "red")
        self.organisation("borealis", "cloud", "amber")
        self.organisation("cassini", "government", "amber", authority="XA")
        self.lab = self.token("aurora", "analyst")
        self.submitter = self.token("aurora", "submitter")
        self.cloud = self.token("borealis", "analyst")
        self.feed = self.token("borealis", "feed")
        self.gov = self.token("cassini", "liaison")
        self.objects = self.objects_of("network")

    def submit(self, *made, token=None, path=None):
        """The status resource of these objects: the laboratory's, into `network`, unless told otherwise."""
        answer = self.call("POST", path or self.objects, token or self.lab, {"objects": list(made)})
        if answer.status != 202:
            raise AssertionError(answer.body)
        return answer.json

    def stop_cleanly(self):
        if self.stop() != 0:
            raise AssertionError((self.dir / "serve.log").read_text()[-2000:])


def set_up_module(**options):
    """For setUpModule: the community at work, which must stop cleanly when the module's tests are done."""
    hub = Community(**options)
    unittest.addModuleCleanup(hub.close)
    hub.start()
    unittest.addModuleCleanup(hub.stop_cleanly)
    return hub
