{#- Jinja list: rounds of label propagation over all links, and over the contracted links. On Spark the planning time grows faster
    than the number of rounds, so there are fewer: enough for chains of some hundred records. -#}
{% macro label_round_counts() -%} {{ return(adapter.dispatch('label_round_counts')()) }} {%- endmacro %}

{% macro default__label_round_counts() -%} {{ return([4, var('identity_rounds')]) }} {%- endmacro %}

{% macro spark__label_round_counts() -%} {{ return([3, 7]) }} {%- endmacro %}
