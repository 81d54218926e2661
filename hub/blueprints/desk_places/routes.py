from flask import Blueprint

desk_places = Blueprint("desk_places", __name__)
