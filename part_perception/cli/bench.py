"""How fast is it on this machine? Times each stage of a live scene, for two sizes of cloud.

new: every object has to be encoded. known: the same objects are seen again.
--fleet measures one process, and one and two Ray nodes that it starts.
"""

from __future__ import annotations

import argparse

from part_perception.cli.ask import load_segmenter
from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_json, add_model, at_least_one, output, require_fleet
from part_perception.errors import InputError

EXAMPLES = """examples:
  part-perception bench
  part-perception bench --picture bench.png
  part-perception bench --encoder
  part-perception bench --training
  part-perception bench --ros --seconds 600
  part-perception bench --ros --load --seconds 100 --picture load.png
  part-perception bench --ros --transport compressedDepth --seconds 120
  part-perception bench --fleet
  part-perception bench --find
  part-perception bench --scaling --picture scaling.png
  part-perception bench --peers"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "part-perception bench [what is measured, by default a live scene] [options]"
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--encoder",
        action="store_true",
        help="one object on one core: this model and the published one (needs torch)",
    )
    what.add_argument("--training", action="store_true", help="the generator of training data, on one core")
    what.add_argument("--ros", action="store_true", help="the node beside a simulated camera; needs ROS 2")
    what.add_argument(
        "--fleet", action="store_true", help="recordings per second; needs ROS 2 and the extra [fleet]"
    )
    what.add_argument("--find", action="store_true", help="`find` over 10 million rows; needs pyarrow")
    what.add_argument(
        "--scaling", action="store_true", help="how cost grows: 64 objects, 10 M points, 1000 words"
    )
    what.add_argument(
        "--peers",
        action="store_true",
        help="compared with Open3D and the published network, where they are installed",
    )
    parser.add_argument(
        "--runs", type=at_least_one, default=15, metavar="N", help="frames or calls of each kind; default 15"
    )
    parser.add_argument(
        "--seconds", type=at_least_one, default=30, metavar="S",
        help="with --ros: how long; 600 shows whether memory grows; default 30",
    )  # fmt: skip
    parser.add_argument(
        "--load", action="store_true", help="with --ros: clouds at growing rates, and many clients asking"
    )
    parser.add_argument(
        "--transport", metavar="T", choices=("compressedDepth",),
        help="with --ros: depth images by this transport and raw ones, alternately",
    )  # fmt: skip
    parser.add_argument(
        "--clients", type=at_least_one, default=10, metavar="N", help="with --load: how many; default 10"
    )
    parser.add_argument(
        "--picture", type=output(".png"), metavar="F.png",
        help="draw the stages; with --load the useful rate, with --scaling the growth",
    )  # fmt: skip
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    if args.load and not args.ros:
        raise InputError("--load works only with --ros: it puts the node under load")
    if args.transport and (args.load or not args.ros):
        raise InputError(
            "--transport works only with --ros and without --load: it compares depth images with raw ones"
        )
    without = args.encoder or args.training or args.fleet or args.find or args.peers
    if args.picture and (without or (args.ros and not args.load)):
        raise InputError(
            "--picture draws the stages of a scene or the results of --load or --scaling, not those of other benches"
        )
    if (args.ros or args.fleet or args.find) and (args.model or args.runtime != "auto"):
        raise InputError("--ros, --fleet and --find measure what is shipped: leave out --model and --runtime")
    if args.training and (args.model or args.runtime != "auto"):
        raise InputError(
            "--training measures the generator, which uses no model: leave out --model and --runtime"
        )
    if args.encoder and args.runtime != "auto":
        raise InputError("--encoder measures every runtime: leave out --runtime")
    benches = {
        "encoder": encoder, "ros": ros, "training": training, "fleet": fleet, "find": find,
        "scaling": scaling, "peers": peers,
    }  # fmt: skip
    bench = next((each for name, each in benches.items() if getattr(args, name)), scene)
    result, text = bench(args)
    if args.json:
        print_json(result)
    else:
        print(text)
    return 0


def scene(args: argparse.Namespace) -> tuple[dict, str]:
    from part_perception.cli.checks import machine
    from part_perception.evaluation.bench_scene import as_text, bench_scene, save_plot

    segmenter = load_segmenter(args)
    result = {"machine": machine(), "runtime": segmenter.runtime.name, **bench_scene(segmenter, args.runs)}
    if args.picture:
        save_plot(result, args.picture)
    return result, f"{result['machine']}, {result['runtime']}\n{as_text(result)}"


def encoder(args: argparse.Namespace) -> tuple[dict, str]:
    from part_perception.evaluation.bench_encoder import bench_encoder, report
    from part_perception.model_folders import find_model

    result = bench_encoder(find_model(args.model), args.runs)
    return result, report(result)


def scaling(args: argparse.Namespace) -> tuple[dict, str]:
    from part_perception.evaluation.bench_scaling import as_text, bench_scaling, save_plot

    result = bench_scaling(load_segmenter(args), args.runs)
    if args.picture:
        save_plot(result, args.picture)
    return result, as_text(result)


def peers(args: argparse.Namespace) -> tuple[dict, str]:
    from part_perception.evaluation.bench_peers import as_text, bench_peers

    result = bench_peers(load_segmenter(args), args.runs)
    return result, as_text(result)


def training(args: argparse.Namespace) -> tuple[dict, str]:
    from part_perception.training.views import shapes_per_second, views_per_second

    result = {"shapes_per_second": shapes_per_second(), "views_per_second": views_per_second()}
    return result, "{shapes_per_second:.0f} shapes/s, {views_per_second:.0f} views/s on one core".format(
        **result
    )


def ros(args: argparse.Namespace) -> tuple[dict, str]:
    if args.load:
        return under_load(args)
    if args.transport:
        return by_transport(args)
    result = node_figures(args.seconds)
    return result, one_line_a_figure(result)


def node_figures(seconds: float) -> dict:
    """Latencies, counted clouds and memory of the node beside a simulated camera, over DDS."""
    from part_perception.ros.tools.bench import bench_ros

    return bench_ros(seconds)


def by_transport(args: argparse.Namespace) -> tuple[dict, str]:
    """From stamp to labelled cloud with compressed depth images, beside raw ones."""
    from part_perception.ros.tools.bench import bench_transport

    result = bench_transport(args.seconds, args.transport)
    return result, one_line_a_figure(result)


def under_load(args: argparse.Namespace) -> tuple[dict, str]:
    """The same beside many clients, with clouds at growing rates."""
    from part_perception.ros.tools.bench_load import as_table, bench_load, save_plot
    from part_perception.terminal import table

    result = bench_load(args.seconds, clients=args.clients)
    if args.picture:
        save_plot(result, args.picture)
    header, *lines = as_table(result)
    return result, table(header, lines)


def one_line_a_figure(result: dict) -> str:
    lines = []
    for name, value in result.items():
        told = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        lines.append(f"{name.replace('_', ' '):<28}{told}")
    return "\n".join(lines)


def fleet(args: argparse.Namespace) -> tuple[dict, str]:
    from part_perception.cli.checks import machine
    from part_perception.cli.node import require_ros

    require_ros()
    require_fleet(workers=True)
    from part_perception.fleet.nodes import ask_for_a_token

    ask_for_a_token()
    from part_perception.fleet.bench import as_text, bench_fleet
    from part_perception.ros.node import load_segmenter

    result = {"machine": machine(), **bench_fleet(load_segmenter, (1, 2), recordings=4, frames=args.runs)}
    return result, f"{result['machine']}\n{as_text(result)}"


def find(args: argparse.Namespace) -> tuple[dict, str]:
    from part_perception.cli.checks import machine

    require_fleet()
    from part_perception.fleet.bench_find import as_text, bench_find

    result = {"machine": machine(), **bench_find(recordings=200, rows=50_000)}
    return result, f"{result['machine']}\n{as_text(result)}"
