{#- CTEs that find the connected components of a graph of records and identifiers, by label propagation.

    Input: CTE `joined_links` (record_number, identifier_number), both dense numbers. Record numbers must be in an order that is
    unrelated to the links, such as that of a hash, so that few rounds suffice.
    Output: CTE `component_labels` (record_number, label): records of one component have the same label.

    Method: a few rounds over all links are enough for nearly every component. Where an identifier still has two labels,
    the graph is contracted: each label becomes one node, and `identity_rounds` more rounds run over these few nodes.
    Each round divides the number of labels by about 1.7, so the rounds suffice for chains of a hundred thousand
    records. Each round reads only the round before, once, so that no engine computes a round twice. The data test
    `linked_records_are_one_person` fails where the rounds did not suffice. -#}
{% macro connected_components() -%}
{%- set link_rounds, contracted_rounds = label_round_counts() -%}
{{ label_rounds('label_round', 'joined_links', link_rounds) }},

contracted_links as (
    select distinct
        label as record_number,
        identifier_number
    from (
        select
            label,
            identifier_number,
            min(label) over (partition by identifier_number) as first_label,
            max(label) over (partition by identifier_number) as last_label
        from label_round_{{ link_rounds }}
    ) as labelled
    where first_label != last_label
),

{{ label_rounds('contracted_round', 'contracted_links', contracted_rounds) }},

contracted_labels as (
    select
        record_number as label,
        min(label) as final_label
    from contracted_round_{{ contracted_rounds }}
    group by record_number
),

component_labels as (
    select
        labelled.record_number,
        min(coalesce(contracted_labels.final_label, labelled.label)) as label
    from label_round_{{ link_rounds }} as labelled
    left join contracted_labels on labelled.label = contracted_labels.label
    group by labelled.record_number
)
{%- endmacro %}


{#- CTEs `<name>_0` to `<name>_<rounds>`: each round takes the smallest label within an identifier, then within a record, then
    within the records that had the same label before the round. -#}
{% macro label_rounds(name, links, rounds) -%}
{{ name }}_0 as {{ materialized() }} (
    select
        record_number,
        identifier_number,
        record_number as label
    from {{ links }}
),

{% for round in range(1, rounds + 1) -%}
{{ name }}_{{ round }}_identifiers as {{ materialized() }} (
    select
        *,
        min(label) over (partition by identifier_number) as identifier_label
    from {{ name }}_{{ round - 1 }}
),

{{ name }}_{{ round }}_records as {{ materialized() }} (
    select
        *,
        min(identifier_label) over (partition by record_number) as record_label
    from {{ name }}_{{ round }}_identifiers
),

{{ name }}_{{ round }} as {{ materialized() }} (
    select
        record_number,
        identifier_number,
        min(record_label) over (partition by label) as label
    from {{ name }}_{{ round }}_records
){% if not loop.last %},{% endif %}

{% endfor -%}
{%- endmacro %}
