{#- The days up to which purchases and contracts are looked at, as a table of one DATE column `known_until`: the night, the
    day whose value tonight's is compared with, and the day from which the models have to foretell what came. -#}
{% macro value_days() -%}
    (
        select {{ as_of_date() }} as known_until
        union
        select {{ add_days(as_of_date(), -var('value_movement_days')) }} as known_until
        union
        select {{ add_days(as_of_date(), -var('value_holdout_days')) }} as known_until
    )
{%- endmacro %}


{#- Days of tenure at which a band of equal hazard begins: months of 30 days for two years, then longer. -#}
{% macro tenure_bands() -%}
    {{ return(range(0, 720, 30) | list + [720, 1080, 1800]) }}
{%- endmacro %}
