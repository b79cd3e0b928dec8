"""Makes `pytest suites/ --base-url … --model …` work from a checkout.

Installed without a checkout, the same is `pytest -p harness.pytest_plugin --pyargs suites`.
"""

pytest_plugins = ["harness.pytest_plugin"]
