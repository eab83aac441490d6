// 图片：服务器给的是它自己的路径，小程序要写全。
const config = require('../config');

const whole = (url) => (url.startsWith('/') ? config.endpoint.replace(/^(https?:\/\/[^/]+).*/, '$1') + url : url);

module.exports = {
  whole,
  pictureOf: (image) => (image ? { url: whole(image.url), words: image.alternative } : null),
  // 长文里的图片也一样
  wholeIn: (html) => html.replace(/(<img[^>]* src=")(\/[^"]*)/g, (_, before, url) => before + whole(url)),
};
