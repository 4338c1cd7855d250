"""Pictures painted anew: the pixels stay, upright and in common colours; where, when and by whom goes."""

from io import BytesIO

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from grants.delivery.cleaning.reasons import Reason, Withheld
from grants.delivery.inspection import picture as inspection

_QUALITY = 92
_ERRORS = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)
_JPEG_MODES = ("L", "RGB", "CMYK")
_PLAIN_MODES = ("1", "L", "LA", "RGB", "RGBA", "I;16")


def clean_jpeg(data: bytes) -> bytes:
    """The photograph, upright, as a plain JPEG."""
    inspection.inspect_jpeg(data)
    image = _upright(data, "JPEG")
    return _saved(image if image.mode in _JPEG_MODES else image.convert("RGB"), "JPEG", quality=_QUALITY)


def clean_png(data: bytes) -> bytes:
    """The picture, with what is transparent in it."""
    inspection.inspect_png(data)
    return _saved(_plain(_upright(data, "PNG")), "PNG")


def clean_webp(data: bytes) -> bytes:
    """The picture, when it does not move."""
    return _saved(_plain(_upright(data, "WEBP")), "WEBP", quality=_QUALITY)


def _upright(data: bytes, kind: str) -> Image.Image:
    """The first frame, turned as its camera wished."""
    refuse_halves()
    try:
        with Image.open(BytesIO(data), formats=(kind,)) as image:
            if image.width * image.height > inspection.MAX_PIXELS:
                raise Withheld(Reason.TOO_LARGE)
            if kind != "JPEG" and getattr(image, "n_frames", 1) > 1:
                raise Withheld(Reason.ANIMATED)
            image.load()
            profile = image.info.get("icc_profile")
            return _common_colours(ImageOps.exif_transpose(image), profile)
    except _ERRORS:
        raise Withheld(Reason.DAMAGED) from None


def refuse_halves() -> None:
    """Have half a picture refused, whatever another library of this process told Pillow: WeasyPrint has it painted."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def _common_colours(image: Image.Image, profile: object) -> Image.Image:
    """The picture in sRGB: the profile of a screen or a camera bears its name, and its maker's."""
    if not isinstance(profile, bytes) or image.mode not in {"RGB", "RGBA"}:
        return image
    try:
        own, common = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, own, common, outputMode=image.mode) or image
    except (ImageCms.PyCMSError, OSError):  # a damaged profile: without it
        return image


def _plain(image: Image.Image) -> Image.Image:
    """The same without a palette."""
    if image.mode in _PLAIN_MODES:
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    """Write the pixels, and nothing that the picture brought along."""
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    file = BytesIO()
    bare.save(file, kind, **options)
    return file.getvalue()
