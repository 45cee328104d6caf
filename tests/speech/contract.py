"""The contract, where the tests of engines look for it; pytest explains its failures."""

import pytest

pytest.register_assert_rewrite("tts_pipeline.speech.contract")

from tts_pipeline.speech.contract import SENTENCES, EngineContract  # noqa: E402

__all__ = ["SENTENCES", "EngineContract"]
