{{ config(tags=['decide']) }}
{#- Five levels, after the "five whys": the touchpoint rated low, the process at fault, the team, the cause, and the tickets or
    orders that show it. Every answer follows one path, that of its strongest cause. -#}
{%- set levels = ['symptom', 'process_code', 'team', 'cause_code', 'evidence_id'] %}
with evidence as (
    select * from {{ ref('int_survey_drivers__evidence') }}
),

segmented as (
    select
        *,
        segment as path_segment
    from evidence
    union all
    select
        *,
        'all' as path_segment
    from evidence
),

level_counts as (
    {%- for level in levels %}
    {%- set keys = levels[:loop.index] %}
    select
        {{ loop.index }} as path_level,
        path_segment,
        {%- for key in levels %}
        {{ key if key in keys else "cast(null as string)" }} as {{ key }},
        {%- endfor %}
        {{ "max(evidence_kind)" if loop.last else "cast(null as string)" }} as evidence_kind,
        count(distinct response_id) as response_count,
        {{ "cast(null as double)" if loop.last else exact_mean('case when evidence_rank = 1 then contribution end') }} as mean_contribution,
        count(distinct case when evidence_kind = 'ticket' then evidence_id end) as ticket_count
    from segmented
    {{ "where evidence_id is not null" if loop.last }}
    group by path_segment, {{ keys | join(', ') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

sized_levels as (
    select
        *,
        sum(case when path_level = 1 then response_count end) over (partition by path_segment) as dissatisfied_count
    from level_counts
),

final as (
    select
        {{ as_of_date() }} as as_of,
        children.path_segment as segment,
        cast(children.path_level as bigint) as path_level,
        case children.path_level
            when 1 then 'symptom' when 2 then 'process' when 3 then 'team' when 4 then 'cause' else 'evidence'
        end as level_name,
        children.symptom,
        children.process_code,
        children.team,
        children.cause_code,
        children.evidence_kind,
        children.evidence_id,
        cast(children.response_count as bigint) as response_count,
        cast(children.dissatisfied_count as bigint) as dissatisfied_count,
        {{ steady(ratio('children.response_count', 'children.dissatisfied_count')) }} as dissatisfied_share,
        {{ steady(ratio('children.response_count', 'coalesce(parents.response_count, children.dissatisfied_count)')) }}
            as parent_share,
        {{ steady('children.mean_contribution') }} as mean_contribution,
        cast(children.ticket_count as bigint) as ticket_count,
        coalesce(parents.response_count, children.dissatisfied_count) >= {{ threshold('shared', 'minimum_sample') }}
            as is_reportable
    from sized_levels as children
    left join sized_levels as parents
        on children.path_segment = parents.path_segment
        and children.path_level = parents.path_level + 1
        and children.symptom = parents.symptom
        and coalesce(parents.process_code = children.process_code, true)
        and coalesce(parents.team = children.team, true)
        and coalesce(parents.cause_code = children.cause_code, true)
)

select * from final
