"""The Open Inference Protocol: the desk, as KServe and Triton clients ask it."""

from collections.abc import Mapping

from sortyard.domain.errors import NotReady
from sortyard.serving.desk import Desk
from sortyard.serving.grpc.calls import FRONT, Context, tell
from sortyard.serving.grpc.contents import read_tensors, write_tensors
from sortyard.serving.grpc.generated import inference_pb2 as wire
from sortyard.serving.grpc.generated.inference_pb2_grpc import GRPCInferenceServiceServicer
from sortyard.serving.intake import Limits, answer
from sortyard.serving.tensors import (
    INPUTS,
    MODEL,
    PLATFORM,
    Parameter,
    Spec,
    check_model,
    outputs,
    read_messages,
    read_parameters,
    write_outputs,
)
from sortyard.serving.version import VERSION

Described = wire.ModelMetadataResponse.TensorMetadata


class Inference(GRPCInferenceServiceServicer):
    """One model, `sortyard`, whose versions are the releases: the one that answers is served."""

    def __init__(self, desk: Desk, limits: Limits) -> None:
        self._desk = desk
        self._limits = limits

    async def ServerLive(  # noqa: N802 -- the protocol names it, and the others below
        self,
        request: wire.ServerLiveRequest,  # noqa: ARG002 -- gRPC gives both, here and below
        context: Context,  # noqa: ARG002
    ) -> wire.ServerLiveResponse:
        """Say that the process is up."""
        return wire.ServerLiveResponse(live=True)

    async def ServerReady(  # noqa: N802
        self,
        request: wire.ServerReadyRequest,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> wire.ServerReadyResponse:
        """Say whether it answers."""
        return wire.ServerReadyResponse(ready=self._desk.readiness.ready)

    async def ModelReady(  # noqa: N802
        self,
        request: wire.ModelReadyRequest,
        context: Context,  # noqa: ARG002
    ) -> wire.ModelReadyResponse:
        """Say whether one release answers."""
        state = self._desk.readiness
        meant = request.name == MODEL and request.version in {"", state.release}
        return wire.ModelReadyResponse(ready=state.ready and meant)

    async def ServerMetadata(  # noqa: N802
        self,
        request: wire.ServerMetadataRequest,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> wire.ServerMetadataResponse:
        """Say what this is."""
        return wire.ServerMetadataResponse(name=MODEL, version=VERSION)

    async def ModelMetadata(  # noqa: N802
        self,
        request: wire.ModelMetadataRequest,
        context: Context,  # noqa: ARG002
    ) -> wire.ModelMetadataResponse:
        """Announce the tensors of the release that answers."""
        release = self._desk.readiness.release
        if release is None:
            raise NotReady("no release is loaded")
        check_model(request.name, request.version, release)
        return wire.ModelMetadataResponse(
            name=MODEL,
            versions=[release],
            platform=PLATFORM,
            inputs=[_described(spec) for spec in INPUTS],
            outputs=[_described(spec) for spec in outputs(self._desk.taxonomy)],
        )

    async def ModelInfer(  # noqa: N802
        self, request: wire.ModelInferRequest, context: Context
    ) -> wire.ModelInferResponse:
        """Answer one message an element."""
        check_model(request.model_name, request.model_version, self._desk.readiness.release)
        given = read_messages(read_tensors(request, self._limits), self._limits)
        tell(messages=len(given))
        options = read_parameters(_values(request.parameters), within=context.time_remaining())
        served = await answer(self._desk, given, options, self._limits, front=FRONT)
        tell(release=served.release)
        # Another release may have begun to answer since the version was looked at.
        check_model(request.model_name, request.model_version, served.release)
        response = wire.ModelInferResponse(
            model_name=MODEL, model_version=served.release, id=request.id
        )
        wanted = [one.name for one in request.outputs]
        tensors = write_outputs(served, wanted)
        write_tensors(response, tensors, raw=bool(request.raw_input_contents))
        return response


def _described(spec: Spec) -> Described:
    return Described(name=spec.name, datatype=spec.datatype, shape=[-1])


def _values(parameters: Mapping[str, wire.InferParameter]) -> Mapping[str, Parameter]:
    chosen = {name: one.WhichOneof("parameter_choice") for name, one in parameters.items()}
    return {name: getattr(parameters[name], kind) for name, kind in chosen.items() if kind}
