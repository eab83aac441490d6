// What is on a poster? A picture, what it is about, and a code that leads there: drawn here, on a canvas, as a JPEG.

const [WIDTH, HEIGHT, MARGIN] = [750, 1120, 48];
const TOP = 420; // pixels of the picture
const CODE = 240; // pixels that the code has at most
const COLOURS = { paper: "#ffffff", ink: "#1d1f24", quiet: "#5d626c", accent: "#b3262d", band: "#f4efe6" };
const WAITED = 8000; // milliseconds for a picture, without which a poster does as well
const LIBRARY = new URL("../../vendor/qr/index.js", import.meta.url).href;

/** The address of a poster, as data. Raises what the library for codes raises, or that it is not there. */
export async function drawPoster({ url, heading, above, number, about, picture, scan, below }) {
  const [{ default: encode }, image] = await Promise.all([import(LIBRARY), loaded(picture)]);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const pen = new Pen(canvas.getContext("2d"), getComputedStyle(document.body).fontFamily);
  pen.box(0, 0, WIDTH, HEIGHT, COLOURS.paper);
  if (image) pen.cover(image, WIDTH, TOP);
  else pen.box(0, 0, WIDTH, 24, COLOURS.accent);
  pen.y = image ? TOP + 24 : 110;
  pen.text([above, number].filter(Boolean).join(" · "), { size: 26, colour: COLOURS.quiet, most: 2 });
  pen.text(heading, { size: 46, weight: 700, colour: COLOURS.ink, most: image ? 3 : 5 });
  pen.text(about, { size: 28, colour: COLOURS.quiet, most: image ? 2 : 8 });
  pen.box(0, HEIGHT - CODE - 60, WIDTH, CODE + 60, COLOURS.band);
  const side = pen.code(encode(url, "raw", { ecc: "medium", border: 3 }), WIDTH - MARGIN - CODE, HEIGHT - CODE - 30);
  pen.y = HEIGHT - CODE + 10;
  const width = WIDTH - 3 * MARGIN - side;
  pen.text(scan, { size: 34, weight: 700, colour: COLOURS.accent, most: 2, width });
  pen.text(below, { size: 26, colour: COLOURS.quiet, most: 3, width });
  return canvas.toDataURL("image/jpeg", 0.92);
}

/** A picture that can be drawn, one of this server's own; null where there is none, or where it does not come. */
function loaded(picture) {
  const url = picture && (picture.large || picture.url);
  if (!url || new URL(url, location.href).origin !== location.origin) return Promise.resolve(null);
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => resolve(null);
    setTimeout(resolve, WAITED, null);
    image.src = url;
  });
}

class Pen {
  constructor(context, family) {
    Object.assign(this, { context, family, y: 0 });
    context.textBaseline = "top";
  }

  box(x, y, width, height, colour) {
    this.context.fillStyle = colour;
    this.context.fillRect(x, y, width, height);
  }

  /** Fill the top with a picture, cut to its form around its middle. */
  cover(image, width, height) {
    const scale = Math.max(width / image.naturalWidth, height / image.naturalHeight);
    const [w, h] = [width / scale, height / scale];
    const [x, y] = [(image.naturalWidth - w) / 2, (image.naturalHeight - h) / 2];
    this.context.drawImage(image, x, y, w, h, 0, 0, width, height);
  }

  /** Write a text in so many lines at most, below what is there. */
  text(words, { size, weight = 400, colour, most, width = WIDTH - 2 * MARGIN }) {
    if (!words) return;
    this.context.font = `${weight} ${size}px ${this.family}`;
    this.context.fillStyle = colour;
    for (const line of this.lines(words, width, most)) {
      this.context.fillText(line, MARGIN, this.y);
      this.y += Math.round(size * 1.4);
    }
    this.y += 10;
  }

  /** Break between words, and between any two characters of scripts without blanks. */
  lines(words, width, most) {
    const fits = (text) => this.context.measureText(text).width <= width;
    const lines = [""];
    for (const piece of words.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+|\s+/g) || []) {
      const longer = lines[lines.length - 1] + (/^\s/.test(piece) ? " " : piece);
      if (fits(longer) || lines[lines.length - 1] === "") lines[lines.length - 1] = longer;
      else lines.push(piece.trim());
    }
    const shown = lines.map((line) => line.trim()).filter(Boolean);
    if (shown.length <= most) return shown;
    let last = shown[most - 1];
    while (last && !fits(`${last}…`)) last = last.slice(0, -1);
    return [...shown.slice(0, most - 1), `${last}…`];
  }

  /** Draw a code of true and false in whole pixels, at most CODE wide; how wide it is. */
  code(rows, x, y) {
    const pixel = Math.floor(CODE / rows.length);
    const side = pixel * rows.length;
    this.box(x, y, side, side, "#ffffff");
    rows.forEach((row, at) => row.forEach((isDark, across) => isDark && this.box(x + across * pixel, y + at * pixel, pixel, pixel, "#000000")));
    return side;
  }
}
