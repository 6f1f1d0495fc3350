"""Whatever people bring as pictures is read, or told in a sentence."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from gan.data import own
from gan.data.own import decode, ink, paper, sources
from tests.brought import as_file, likeness, on_paper, photographed, zipped


def read(name: str, content: bytes, **options) -> own.Reading:
    return own.read(own.in_file(name, content), **options)


def drawn(content: bytes) -> np.ndarray:
    told = read("a", content)
    assert not told.complaints
    (found,) = told.found
    assert found.grey.shape == (28, 28) and found.colour.shape == (32, 32, 3)
    return found.grey


RING = drawn(as_file(on_paper()))


def test_ink_is_light_on_dark_in_the_middle_as_long_as_doodles_are():
    rows, columns = np.nonzero(RING > 100)
    assert RING[0, 0] == 0 and RING.max() > 200
    assert (rows.min() + rows.max()) / 2 == pytest.approx(13.5, abs=0.6)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(13.5, abs=0.6)
    assert columns.max() - columns.min() == pytest.approx(22, abs=1)


def sixteen_bits(image: Image.Image) -> bytes:
    return as_file(Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257))


def transparent(image: Image.Image) -> bytes:
    shown = image.convert("RGBA")
    shown.putalpha(Image.eval(image.convert("L"), lambda level: 255 - level))
    return as_file(shown)


def turned(image: Image.Image) -> bytes:
    lying = image.transpose(Image.Transpose.ROTATE_90)
    marks = Image.Exif()
    marks[0x0112] = 6  # to be turned by a quarter, clockwise
    return as_file(lying, "JPEG", quality=95, exif=marks)


def moving(image: Image.Image) -> bytes:
    return as_file(image, "GIF", save_all=True, append_images=[on_paper("cross")])


STORED = {
    "16-bit": sixteen_bits,
    "float": lambda image: as_file(Image.fromarray(np.asarray(image.convert("L"), np.float32) / 255), "TIFF"),
    "transparent": transparent,
    "white on black": lambda image: as_file(Image.eval(image, lambda level: 255 - level)),
    "palette": lambda image: as_file(image.convert("P")),
    "one bit": lambda image: as_file(image.convert("1")),
    "CMYK": lambda image: as_file(image.convert("CMYK"), "JPEG", quality=95),
    "turned": turned,
    "moving": moving,
    "wide": lambda image: as_file(on_paper(size=(900, 300))),
    "webp": lambda image: as_file(image, "WEBP"),
    "large": lambda image: as_file(image.resize((3000, 3000))),
}


@pytest.mark.parametrize("how", STORED)
def test_however_it_is_stored_it_is_the_same_drawing(how):
    assert likeness(RING, drawn(STORED[how](on_paper()))) > 0.93


def test_a_turned_photo_stands_upright():
    image = on_paper("cross", (300, 300))
    image.paste("black", (140, 40, 160, 80))  # above the cross
    assert likeness(drawn(turned(image)), drawn(as_file(image))) > 0.93


def test_a_thin_line_is_still_there():
    thin = Image.new("RGB", (1000, 1000), "white")
    for at in range(200, 800):
        thin.putpixel((at, at), (0, 0, 0))
    assert (np.diagonal(drawn(as_file(thin)))[4:-4] > 150).all()


def test_a_picture_of_the_right_size_is_taken_as_it_lies():
    small = np.zeros((28, 28), np.uint8)
    small[3:9, 20:22] = 255
    assert (drawn(as_file(Image.fromarray(small))) == small).all()
    assert (drawn(as_file(Image.fromarray(255 - small))) == small).all()


@pytest.mark.parametrize("ink", ["black", "#c03020", "#f0d020"])
def test_a_photo_of_a_drawing_is_straightened_and_its_light_evened(ink):
    for shape in ("ring", "cross"):
        sheet = on_paper(shape, (500, 400), ink)
        found = drawn(as_file(photographed(sheet), "JPEG"))
        assert likeness(drawn(as_file(sheet)), found) > 0.75, shape
        assert np.median(found) == 0 and found[:, :2].max() < 60  # no paper, no table


def test_a_photo_of_a_sheet_can_hold_several_drawings():
    sheet = Image.new("RGB", (900, 700), "white")
    for number in range(6):
        shape = "ring" if number % 2 else "cross"
        sheet.paste(on_paper(shape, (200, 200)), (50 + number % 3 * 280, 60 + number // 3 * 320))
    found = read("a.jpg", as_file(photographed(sheet), "JPEG"), several=True).found
    assert len(found) == 6
    ring, cross = (drawn(as_file(on_paper(shape, (200, 200)))) for shape in ("ring", "cross"))
    for number, each in enumerate(found):
        good, bad = (ring, cross) if number % 2 else (cross, ring)
        assert likeness(good, each.grey) > max(0.6, likeness(bad, each.grey)), number


def test_colours_are_told_from_drawings():
    gaudy = as_file(Image.new("RGB", (64, 64), "orange").resize((64, 64)))
    assert not own.are_coloured(read("a", as_file(on_paper(ink="red"))).found)
    image = Image.open(io.BytesIO(gaudy))
    image.paste("blue", (10, 10, 40, 50))
    found = read("a", as_file(image)).found
    assert own.are_coloured(found) and tuple(found[0].colour[1, 30]) == (255, 165, 0)


# What cannot be read


def bomb() -> bytes:
    """A PNG that says it is 60,000 x 60,000, in a few bytes."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)

    def part(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 1000)) + part(b"IEND", b"")


def locked() -> bytes:
    content = bytearray(zipped({"a.png": as_file(on_paper())}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


def damaged_member() -> bytes:
    content = bytearray(zipped({"a.png": as_file(on_paper())}))
    content[60:90] = bytes(30)
    return bytes(content)


BAD = {
    "cut off": (as_file(on_paper())[:200], "own.broken"),
    "bomb": (bomb(), "own.too_many_pixels"),
    "text": (b"no picture", "own.no_picture"),
    "script": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "own.no_picture"),
    "pickle": (b"\x80\x04cos\nsystem\n.", "own.no_picture"),
    "nothing": (b"", "own.no_picture"),
    "iphone": (b"\0\0\0\x1cftypheic\0\0\0\0mif1heic" + bytes(50), "own.heic"),
    "another phone": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heix" + bytes(50), "own.heic"),
    "avif": (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1" + bytes(50), "own.no_picture"),
    "blank": (as_file(Image.new("RGB", (200, 200), "white")), "own.empty"),
    "tiny": (as_file(on_paper().resize((4, 4))), "own.too_small"),
    "zip cut off": (zipped({"a.png": as_file(on_paper())})[:300], "own.zip.broken"),
    "zip locked": (locked(), "own.zip.locked"),
    "zip damaged": (damaged_member(), "own.broken"),
    "zip in zip": (zipped({"a.zip": zipped({"b.png": b""})}), "own.zip.within"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_gets_a_sentence_and_the_rest_goes_on(what):
    content, complaint = BAD[what]
    files = [*own.in_file("bad", content), *own.in_file("good.png", as_file(on_paper()))]
    told = own.read(files)
    assert [each.id for each in told.complaints] == [complaint] and "bad" in str(told.complaints[0])
    assert len(told.found) == 1


def test_a_zip_that_swells_is_stopped(monkeypatch):
    monkeypatch.setattr(sources, "MOST_BYTES", 100_000)
    monkeypatch.setattr(sources, "MOST_BYTES_IN_ALL", 250_000)
    swelling = zipped({f"{number}.png": bytes(99_000) for number in range(9)} | {"0.png": bytes(10**6)})
    told = [each.id for each in own.in_file("a.zip", swelling) if not isinstance(each, own.File)]
    assert told == ["own.too_large", "own.too_many"]


def test_a_zip_of_thousands_is_read_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(sources, "MOST_FILES", 5)
    found = list(own.in_file("a.zip", zipped({f"{number}.png": b"" for number in range(50)})))
    assert len(found) == 6 and found[-1].id == "own.too_many"


def test_a_list_of_millions_is_not_read(monkeypatch):
    whole = zipped({"a.png": as_file(on_paper())})
    end = whole.index(b"PK\x05\x06")
    long = whole[: end + 12] + (2**31).to_bytes(4, "little") + whole[end + 16 :]
    zip64 = whole[:end] + b"PK\x06\x07" + bytes(16) + whole[end:]
    monkeypatch.setattr(sources.zipfile, "ZipFile", lambda *_: pytest.fail("it was opened"))
    for content in (long, zip64):
        assert [each.id for each in own.in_file("a.zip", content)] == ["own.too_many"]


def test_names_in_a_zip_are_never_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ("../../evil.png", "/etc/evil.png", "a\\..\\evil.png", "cats/../../..//x/1.png", "C:\\dogs\\1.png")
    found = list(own.in_file("a.zip", zipped({name: as_file(on_paper()) for name in names})))
    assert [each.kind for each in found] == ["", "etc", "", "x", "dogs"]
    assert not list(tmp_path.iterdir())


def test_what_systems_leave_behind_is_no_picture():
    members = {"cats/1.png": as_file(on_paper()), "__MACOSX/cats/._1.png": b"x", "cats/.DS_Store": b"x"}
    told = read("a.zip", zipped(members))
    assert [each.kind for each in told.found] == ["cats"] and not told.complaints


def one_bit(width: int, height: int, **options) -> bytes:
    return as_file(Image.new("1", (width, height)), **options)


def test_what_is_no_jpeg_may_have_fewer_pixels():
    (complaint,) = read("a.png", one_bit(5001, 5000)).complaints
    assert complaint.id == "own.too_many_pixels" and "25 million" in str(complaint)
    told = read("a.jpg", as_file(Image.new("L", (5001, 5000), "white"), "JPEG"))
    assert [each.id for each in told.complaints] == ["own.empty"]


def test_all_pictures_together_have_a_limit(monkeypatch):
    decoded = []
    monkeypatch.setattr(decode, "_upright", lambda image: decoded.append(image.size) or np.zeros((99, 99, 3), np.uint8))
    large = one_bit(4900, 4900)
    told = read("a.zip", zipped({f"{number:02}.png": large for number in range(60)}))
    assert len(decoded) == 41 and sum(width * height for width, height in decoded) <= 10**9
    assert [each.id for each in told.complaints] == ["own.empty"] * 41 + ["own.too_many"]
    assert "41.png" in str(told.complaints[-1])
    photo = as_file(Image.new("L", (4900, 4900)), "JPEG")
    assert len(read("a.zip", zipped({f"{number:02}.jpg": photo for number in range(60)})).complaints) == 60


def test_a_deep_picture_takes_little_memory_and_looks_as_it_is():
    levels = np.full((4000, 5120), 65_535, np.uint16)
    levels[1001:2003, 1502:3007] = np.arange(1505, dtype=np.uint16) * 40
    content = as_file(Image.fromarray(levels), compress_level=1)
    tracemalloc.start()
    try:
        found = decode.pixels("a", decode.opened("a", content))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200e6
    whole = Image.fromarray((levels / 257).round().astype(np.uint8)).resize((1024, 800), Image.Resampling.BOX)
    assert found.shape == (800, 1024, 3) and np.abs(found[..., 0].astype(int) - np.asarray(whole)).max() <= 1


@pytest.mark.parametrize("how", [how for how in STORED if how not in ("wide", "large")])
def test_a_large_one_is_the_same_drawing_however_it_is_stored(how):
    assert likeness(RING, drawn(STORED[how](on_paper().resize((2100, 2100))))) > 0.93


def test_a_long_jpeg_is_opened_small_too():
    image = decode.opened("a", as_file(Image.new("RGB", (16_000, 500)), "JPEG"))
    assert decode.pixels("a", image).shape == (32, 1024, 3) and image.width <= 2048


def test_the_folders_of_a_folder_are_kinds(tmp_path):
    for name in ("cats/1.png", "cats/2.png", "dogs/1.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(as_file(on_paper()))
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "elsewhere").symlink_to("/etc")
    told = own.read(own.in_folder(tmp_path))
    assert [each.kind for each in told.found] == ["cats", "cats", "dogs"]
    assert [each.id for each in told.complaints] == ["own.no_picture"]


def halves(left: tuple[int, ...], right: tuple[int, ...]) -> Image.Image:
    image = Image.new("RGB", (400, 300), left)
    image.paste(right, (200, 0, 400, 300))
    return image


GAUDY = {
    "a flag": as_file(halves((0, 87, 183), (255, 221, 0))),
    "red and blue": as_file(halves((255, 0, 0), (0, 0, 255))),
    "palette": as_file(halves((255, 0, 0), (0, 0, 255)), "GIF"),
    "gradient": as_file(Image.merge("RGB", [Image.linear_gradient("L"), *[Image.new("L", (256, 256))] * 2])),
}


@pytest.mark.parametrize("what", GAUDY)
def test_a_picture_without_a_light_part_is_read_or_told(what, caplog):
    told = read(what, GAUDY[what])
    assert len(told.found) + len(told.complaints) == 1 and not caplog.records
    assert all(each.id == "own.empty" for each in told.complaints)


def test_where_all_levels_are_one_nothing_is_light():
    assert paper.otsu(np.full((4, 4), 7, np.uint8)) == 256


def test_whatever_fails_for_a_file_is_told_and_logged_and_the_rest_goes_on(monkeypatch, caplog):
    whole, fails = ink.drawings, iter([True])
    monkeypatch.setattr(ink, "drawings", lambda *given: [][0] if next(fails, False) else whole(*given))
    told = read("a.zip", zipped({f"{number}.png": as_file(on_paper()) for number in range(2)}))
    assert [each.id for each in told.complaints] == ["own.broken"] and len(told.found) == 1
    assert "IndexError" in caplog.text


def test_a_decoder_that_fails_in_its_own_way_harms_nothing(monkeypatch):
    monkeypatch.setattr(decode, "_upright", lambda image: [][0])
    assert [each.id for each in read("a", as_file(on_paper())).complaints] == ["own.broken"]


def test_only_known_ways_of_packing_are_opened():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.png", as_file(on_paper()))
    content = bytearray(file.getvalue())
    content[content.index(b"PK\x01\x02") + 10] = 99
    assert [each.id for each in read("a.zip", bytes(content)).complaints] == ["own.broken"]


@pytest.mark.parametrize("size", (1, 3, 9))
def test_what_grows_step_by_step_is_what_one_filter_of_that_size_would_make(size):
    noise = np.random.RandomState(1).randint(0, 256, (20, 30)).astype(np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(noise, size // 2), (size, size))
    assert np.array_equal(ink.grown(noise, size), windows.max((2, 3)))
